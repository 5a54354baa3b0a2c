// What the pages of reports share.
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Nothing is loaded, nothing runs: names of classes and files stay text whatever they hold. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const style = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
h1, h2 { line-height: 1.2; } table { border-collapse: collapse; }
th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #ddd; } th:first-child, td:first-child { text-align: left; }
svg { width: 100%; height: auto; background: #fff; } svg.chart { max-width: 32rem; }
.outlines path { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.swatch { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border: 1px solid #888; }
label { margin-right: 1.2rem; white-space: nowrap; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } h2, svg, table { break-inside: avoid; } }`;

/** A page to its first heading; `title` is text. */
export function startPage(title: string, rules = ''): string {
  const text = escapeText(title);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text}</title><style>${style}
${rules}</style></head><body>
<h1>${text}</h1>
`;
}

export const endPage = '</body></html>\n';

/** A table of cells that are HTML. */
export function formatTable(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (tag: 'th' | 'td', cells: readonly (string | number)[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>\n`;
  return `<table>${line('th', heads)}${rows.map((cells) => line('td', cells)).join('')}</table>\n`;
}

/** `text` as HTML. */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
