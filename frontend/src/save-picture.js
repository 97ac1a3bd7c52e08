// <a data-picture="name.png" href="….svg">: beside it a button that saves the drawing as a PNG, twice as fine as the screen.
export function savePicture(link) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = "存为图片";
  button.addEventListener("click", async () => {
    const drawn = await (await fetch(link.href)).blob();
    const image = new Image();
    image.src = URL.createObjectURL(drawn.slice(0, drawn.size, "image/svg+xml"));
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    const saved = document.createElement("a");
    saved.download = link.dataset.picture;
    saved.href = canvas.toDataURL("image/png");
    saved.click();
  });
  link.after(button);
}
