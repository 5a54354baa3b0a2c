// ONNX's own checker, run in one Python process over many models.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the checker says of a model. */
export interface CheckedModel {
  /** Why it is not valid; null where it is. */
  readonly problem: string | null;
  /** Code of the element type and dimensions of every value that nodes compute; names stand for symbolic lengths. */
  readonly values: Readonly<Record<string, readonly [type: number, dims: readonly (number | string)[]]>>;
}

/** Checks every model of a folder, with shape inference in strict mode, and prints what that finds as JSON. */
const SCRIPT = `
import json, pathlib, sys
import onnx

found = {}
for path in pathlib.Path(sys.argv[1]).glob("*.onnx"):
    values = {}
    try:
        onnx.checker.check_model(str(path), full_check=True)
        inferred = onnx.shape_inference.infer_shapes(onnx.load(path), check_type=True, strict_mode=True)
        for value in [*inferred.graph.value_info, *inferred.graph.output]:
            tensor = value.type.tensor_type
            values[value.name] = [tensor.elem_type, [d.dim_param or d.dim_value for d in tensor.shape.dim]]
        found[path.stem] = {"problem": None, "values": values}
    except Exception as problem:  # The checker's errors have no common class.
        found[path.stem] = {"problem": str(problem), "values": {}}
json.dump(found, sys.stdout)
`;

let interpreter: string | null | undefined;

/** Debian's interpreter may stand behind another one. */
function findInterpreter(): string | null {
  if (interpreter !== undefined) return interpreter;
  const hasOnnx = (command: string) => spawnSync(command, ['-c', 'import onnx']).status === 0;
  interpreter = ['python3', '/usr/bin/python3'].find(hasOnnx) ?? null;
  if (interpreter === null) {
    process.stderr.write('skipped: no Python with the package onnx is here (Debian: python3-onnx)\n');
  }
  return interpreter;
}

/** Whether the checker can run here; where it cannot, that is said on standard error once. */
export function hasOnnxChecker(): boolean {
  return findInterpreter() !== null;
}

/** Checks `models`, by name; {@link hasOnnxChecker} tells whether it can. */
export function checkOnnxModels(models: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, CheckedModel> {
  const folder = mkdtempSync(join(tmpdir(), 'hovernet-onnx-checker-'));
  try {
    const names = [...models.keys()];
    names.forEach((name, index) => writeFileSync(join(folder, `${index}.onnx`), models.get(name)!));
    const run = spawnSync(findInterpreter()!, ['-c', SCRIPT, folder], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (run.status !== 0) throw new Error(`checking models: ${run.stderr}`);
    const found = JSON.parse(run.stdout) as Record<string, CheckedModel>;
    return new Map(names.map((name, index) => [name, found[index]!]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
