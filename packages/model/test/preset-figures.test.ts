// What documents say of the size and the work of the presets is what the code counts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { workspacePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { presets, type PresetName } from '../src/index.js';
import { countMacs, countParameters } from '../src/internal.js';

const names = Object.keys(presets) as PresetName[];
const parameters = names.map((name) => countParameters(presets[name]) / 1e6);
const macs = names.map((name) => countMacs(presets[name], 256).total / 1e9);

/** Whether a written figure is one of `values`, rounded to its digits. */
function isOneOf(text: string, values: readonly number[]): boolean {
  const digits = text.split('.')[1]?.length ?? 0;
  return values.some((value) => value.toFixed(digits) === text);
}

describe('the presets', () => {
  it('are as large as the README says, each by its name', () => {
    const readme = readFileSync(workspacePath('packages', 'model', 'README.md'), 'utf8');
    const sentence = /- `preset`: (.*)/.exec(readme)![1]!;
    names.forEach((name, index) => {
      const [, millions, billions] = new RegExp(`\`${name}\` (?:has )?([\\d.]+) M .*?([\\d.]+) G`).exec(sentence)!;
      expect(isOneOf(millions!, [parameters[index]!]), `${name}: ${millions} M`).toBe(true);
      expect(isOneOf(billions!, [macs[index]!]), `${name}: ${billions} G`).toBe(true);
    });
  });

  it.each(documents())('have no other figures in %s', (_, text) => {
    for (const [figure, millions] of text.matchAll(/([\d.]+) M(?: parameters| *\|)/g)) {
      expect(isOneOf(millions!, parameters), figure).toBe(true);
    }
    for (const [figure, billions] of text.matchAll(/([\d.]+) GMAC/g)) {
      expect(isOneOf(billions!, macs), figure).toBe(true);
    }
  });
});

function documents(): [string, string][] {
  const docs = readdirSync(workspacePath('docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`);
  const readmes = readdirSync(workspacePath('packages')).map((name) => `packages/${name}/README.md`);
  const paths = ['README.md', ...docs, ...readmes].filter(
    (path) => path.endsWith('.md') && existsSync(workspacePath(path)),
  );
  const read = paths.map((path): [string, string] => [path, readFileSync(workspacePath(path), 'utf8')]);
  return read.filter(([, text]) => /[\d.]+ (?:M parameters|GMAC)/.test(text));
}
