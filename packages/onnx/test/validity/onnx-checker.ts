// ONNX's own checker, run in one Python process over many models.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the checker says of a model. */
export interface CheckedModel {
  /** Why it is not valid; null where it is. */
  readonly problem: string | null;
  /** Code of the element type and dimensions of every value that nodes compute; names stand for symbolic lengths. */
  readonly values: Readonly<Record<string, readonly [type: number, dims: readonly (number | string)[]]>>;
}

/** Debian's interpreter may stand behind another one. */
const interpreter = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import onnx']).status === 0,
);

/** Why the checker cannot run here; undefined where it can. */
export const checkerMissing = interpreter ? undefined : 'needs Python with onnx (Debian: python3-onnx)';

/** Checks `models`, by name, with shape inference in strict mode. */
export function checkModels(models: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, CheckedModel> {
  const folder = mkdtempSync(join(tmpdir(), 'hovernet-onnx-checker-'));
  try {
    const names = [...models.keys()];
    names.forEach((name, index) => writeFileSync(join(folder, `${index}.onnx`), models.get(name)!));
    const script = fileURLToPath(new URL('check_models.py', import.meta.url));
    const run = spawnSync(interpreter!, [script, folder], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (run.status !== 0) throw new Error(`checking models: ${run.stderr}`);
    const found = JSON.parse(run.stdout) as Record<string, CheckedModel>;
    return new Map(names.map((name, index) => [name, found[index]!]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
