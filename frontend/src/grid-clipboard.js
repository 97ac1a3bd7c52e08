// Cells as a spreadsheet copies and pastes them: lines and tabs; a cell in quotation marks may hold both.
export const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function parse(text) {
  const rows = [[]];
  let cell = "";
  let within = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let n = 0; n < source.length; n++) {
    const sign = source[n];
    if (within && sign === '"' && source[n + 1] === '"') cell += source[++n];
    else if (within && sign === '"') within = false;
    else if (!within && sign === '"' && cell === "") within = true;
    else if (!within && (sign === "\t" || sign === "\n")) {
      rows.at(-1).push(cell);
      cell = "";
      if (sign === "\n") rows.push([]);
    } else cell += sign;
  }
  rows.at(-1).push(cell);
  return rows;
}
