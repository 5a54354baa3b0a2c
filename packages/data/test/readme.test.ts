import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';
import { temporaryFolder } from './helpers.js';

it('runs the example of the README and gets what it says', async () => {
  const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readme)!;
  const body = code!
    .replace('@hovernet/data', '../src/index.js')
    .replace("'samples/nucls'", JSON.stringify(workspacePath('samples/nucls')));
  const [imports, ...rest] = body.split('\n\n');
  const script = `${imports}\nexport async function run(out, console) {\n${rest.join('\n')}\n}\n`;
  const path = fileURLToPath(new URL('../out/readme-example.js', import.meta.url));
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, script);
  const { run } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
    run: (out: string, console: { log: (...values: unknown[]) => void }) => Promise<void>;
  };
  const lines: unknown[][] = [];
  await run(temporaryFolder(), { log: (...values) => lines.push(values) });
  expect(lines).toHaveLength(6);
  expect(lines[0]).toEqual(['540×540×3', 8, { epoch: 0, position: 8 }]);
  expect(lines[5]).toEqual([{ Train: { tiles: 10, patches: 40 }, Test: { tiles: 5, patches: 20 } }]);
});
