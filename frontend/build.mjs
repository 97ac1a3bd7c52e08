// Bundles the islands into the package's static files; run after `npm ci`.
import { build } from "esbuild";

const result = await build({
  entryPoints: ["src/app.js", "src/charts.js", "src/grid.js"],
  outdir: "../taizhang/config/static/build",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome86"], // the oldest Chromium in common use on office machines
  charset: "utf8",
  legalComments: "external", // licence texts stand beside the bundles
  metafile: true,
  logLevel: "warning",
});
for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
  console.log(`${file.replace("../", "")}  ${(bytes / 1000).toFixed(1)} kB`);
  if (file.endsWith("/app.js") && bytes > 30_000) throw new Error("app.js is larger than 30 kB");
  if (file.endsWith("/grid.js") && bytes > 24_000) throw new Error("grid.js is larger than 24 kB");
}
