import { workspacePath } from '@hovernet/testing';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeSchema, type SchemaNode } from '../../src/config/complete-document.js';
import { expressionFunctions } from '../../src/config/evaluate-expression.js';
import { findPlace, ignoredIds, targets } from '../../src/config/targets/registry.js';
import { runCaptured } from '../cli/run-captured.js';
import { createTemporaryFiles } from './temporary-files.js';

const files = createTemporaryFiles();
const page = readFileSync(workspacePath('docs/configuration.md'), 'utf8');

/** Cells of the rows that begin with an id: id, default, meaning, in the bundle. */
const rows = new Map(
  [...page.matchAll(/^\| `([\w#]+)`\s*\| (.*?)\s*\| (.*?)\s*\| (.*?)\s*\|$/gm)].map((match) => [
    match[1]!,
    match.slice(2),
  ]),
);

function listIds({ properties, default: value }: SchemaNode, id = ''): [id: string, value: unknown][] {
  if (!properties) return [[id, value]];
  return Object.entries(properties).flatMap(([key, node]) => listIds(node, id === '' ? key : `${id}#${key}`));
}

/** Words of the page's commands, without what starts processes. */
const commands = [...page.matchAll(/^(?:mpirun -n \d+ )?hovernet ((?:run|config) .*?)(?: +# .*)?$/gm)].map(
  ([, words]) => [...words!.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!),
);

describe('docs/configuration.md', () => {
  it.each(commands)('has a command that takes its arguments: %s %s %s %s', async (...words) => {
    const { write } = files;
    const mine = write('mine.yaml', 'epochs: 3\n');
    const [command, ...rest] = words.map((word) => (word === 'mine.yaml' ? mine : word));
    const run = await runCaptured(command === 'run' ? ['config', 'check', ...rest] : [command!, ...rest]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each(listIds(describeSchema()))('has a row for %s with its default', (id, value) => {
    expect(rows.has(id), `add a row for ${id} to docs/configuration.md`).toBe(true);
    const [shown, , bundle] = rows.get(id)!;
    if (value !== undefined) expect(shown).toBe(`\`${JSON.stringify(value)}\``);
    expect(bundle).not.toBe('');
  });

  it('has no row for what does not exist', () => {
    const ids = new Set(listIds(describeSchema()).map(([id]) => id));
    expect([...rows.keys()].filter((id) => !ids.has(id) && findPlace(id) === undefined)).toEqual([]);
  });

  it('names every component, function and id without a meaning', () => {
    for (const { name } of targets) expect(page).toContain(`\`${name}\``);
    for (const id of ignoredIds) expect(page).toContain(`\`${id}\``);
    for (const name of expressionFunctions) expect(page).toMatch(new RegExp(`functions .*\\b${name}\\b`, 's'));
  });
});
