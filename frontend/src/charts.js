// Line and bar charts from <script type="application/json">. The table of the same numbers is in the page already.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([LineChart, BarChart, GridComponent, TooltipComponent, MarkLineComponent, CanvasRenderer]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function option(room, { kind, x, unit = "", today, assessed, limit, limit_name: limitName = "上限", series }) {
  const ink = token("--ink-2");
  const big = document.documentElement.dataset.size === "large";
  const font = big ? 14 : 12;
  const red = token("--red");
  const shades = [token("--c1"), token("--c2"), token("--c3"), token("--c4")];
  const marks = [];
  if (today) marks.push({ xAxis: today, label: { formatter: "今日", color: red, position: "end", fontSize: font }, lineStyle: { color: red, type: "solid", width: 1 } });
  if (assessed) marks.push({ xAxis: assessed, label: { formatter: "测评", color: token("--ink"), position: "end", fontSize: font }, lineStyle: { color: token("--ink"), type: "dashed", width: 1 } });
  if (limit !== undefined) marks.push({ yAxis: limit, label: { formatter: `${limitName} ${limit}`, color: ink, position: "end", fontSize: font }, lineStyle: { color: token("--ink"), type: "dashed", width: 1 } });
  let shade = 0;
  const drawn = series.map((one, index) => {
    const color = one.plan ? token("--line-3") : shades[shade++ % 4];
    const common = { name: one.name, data: one.data, animation: false, silent: false, markLine: index === 0 && marks.length ? { symbol: "none", silent: true, data: marks, animation: false } : undefined };
    if (kind === "bar") {
      return {
        ...common,
        type: "bar",
        barMaxWidth: 22,
        barGap: "10%",
        itemStyle: { color: (point) => (!one.plan && limit !== undefined && point.value > limit ? red : one.plan ? "#fff" : color), borderColor: one.plan ? token("--line-3") : undefined, borderWidth: one.plan ? 1 : 0, borderType: "dashed" },
        label: { show: !one.plan, position: "top", color: token("--ink"), fontSize: font },
      };
    }
    const last = one.data.reduce((at, value, i) => (value === null ? at : i), 0);
    const early = last < x.length - 1; // the name goes where the line ends, to the left if another line runs on
    return {
      ...common,
      type: "line",
      connectNulls: false,
      showSymbol: true,
      symbol: "circle",
      symbolSize: (value, point) => (point.dataIndex === last && !one.plan ? 7 : 0),
      itemStyle: { color },
      lineStyle: { color, width: one.plan ? 1.6 : 2.4, type: one.plan ? [5, 3] : "solid" },
      label: { show: true, color: one.plan ? ink : color, fontSize: font + (one.plan ? 0 : 1), fontWeight: one.plan ? 400 : 600, position: early ? [-58, -22] : [8, one.plan ? -16 : 0], formatter: (point) => (point.dataIndex === last ? `${one.name} ${point.value}` : "") },
    };
  });
  const axis = { axisTick: { lineStyle: { color: token("--line-3") } }, axisLabel: { color: ink, fontSize: font, fontFamily: token("--font") } };
  return {
    animation: false,
    textStyle: { fontFamily: token("--font") },
    grid: { left: 8, right: kind === "line" || limit !== undefined ? 76 : 12, top: 30, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", transitionDuration: 0, backgroundColor: "#fff", borderColor: token("--line-3"), borderWidth: 1, padding: [6, 10], shadowBlur: 0, shadowColor: "transparent", extraCssText: "box-shadow:none;border-radius:2px", textStyle: { color: token("--ink"), fontSize: font + 1 }, axisPointer: { type: kind === "bar" ? "shadow" : "line", animation: false, lineStyle: { color: token("--line-3") }, shadowStyle: { color: "rgba(0,0,0,.04)" } }, valueFormatter: (value) => (value === null || value === undefined ? "—" : `${value} ${unit}`) },
    xAxis: { type: "category", data: x, boundaryGap: kind === "bar", ...axis, axisLine: { lineStyle: { color: token("--line-3") } }, axisLabel: { ...axis.axisLabel, interval: kind === "bar" ? 0 : "auto", hideOverlap: kind !== "bar", overflow: "break", width: kind === "bar" ? Math.max(font + 2, (room - 110) / x.length - 4) : undefined } },
    yAxis: { type: "value", minInterval: 1, ...axis, axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: token("--line") } } },
    series: drawn,
  };
}

for (const figure of document.querySelectorAll("[data-chart]")) {
  const id = figure.dataset.chart;
  const plot = figure.querySelector(".plot");
  const chart = echarts.init(plot);
  const data = JSON.parse(document.getElementById(id).textContent);
  chart.setOption(option(plot.clientWidth, data));
  figure.classList.add("live");
  new ResizeObserver(() => plot.clientWidth && (chart.resize(), chart.setOption(option(plot.clientWidth, data), true))).observe(plot);
  const acts = document.querySelector(`[data-chart-acts="${CSS.escape(id)}"]`);
  if (!acts) continue;
  acts.hidden = false;
  const toggle = acts.querySelector("[data-table]");
  toggle.addEventListener("click", () => {
    const on = figure.classList.toggle("table");
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? "看图" : "看表格";
    if (!on) chart.resize();
  });
  acts.querySelector("[data-save]").addEventListener("click", () => {
    const link = document.createElement("a");
    link.download = `${plot.getAttribute("aria-label").split(/[：:]/)[0] || "图"}.png`;
    link.href = chart.getDataURL({ pixelRatio: 2, backgroundColor: "#fff" });
    link.click();
  });
}
