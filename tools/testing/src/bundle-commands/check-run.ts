// What a command of the bundle leaves behind.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WeightTensor } from './read-files.js';
import type { BundleProject } from './bundle-project.js';

/** A command that has ended. */
export interface FinishedCommand {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds as `Date.now()` gives them. */
  readonly startedAt: number;
}

/** What checks look at. */
export interface CheckedRun extends FinishedCommand {
  readonly project: BundleProject;
  /** Encoder tensors that were served to the commands. */
  readonly encoder: ReadonlyMap<string, WeightTensor>;
}

/** Clocks of file systems are behind by up to ten milliseconds. */
const clockLagMs = 20;

/** Throws where `actual` is not `expected`, compared as JSON; `what` names them. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`${what}: expected ${wanted}, got ${got}`);
}

/** Throws where `holds` is false. */
export function expectThat(what: string, holds: boolean): void {
  if (!holds) throw new Error(`expected ${what}`);
}

/** Path of a file in the project that the command has written, and not an earlier one. */
export function writtenFile({ project, startedAt }: CheckedRun, ...parts: string[]): string {
  const path = join(project.folder, ...parts);
  if (!existsSync(path)) throw new Error(`expected ${join(...parts)}, got no such file`);
  const { mtimeMs, size } = statSync(path);
  if (mtimeMs < startedAt - clockLagMs)
    throw new Error(`expected a new ${join(...parts)}, got that of an earlier command`);
  if (size === 0) throw new Error(`expected content in ${join(...parts)}, got an empty file`);
  return path;
}

/** Paths of the files in a folder of the project that the command has written, sorted, whose names match. */
export function writtenFiles(run: CheckedRun, folder: string, pattern: RegExp): string[] {
  const path = join(run.project.folder, folder);
  const names = existsSync(path) ? readdirSync(path).filter((name) => pattern.test(name)) : [];
  const isNew = (name: string) => statSync(join(path, name)).mtimeMs >= run.startedAt - clockLagMs;
  return names
    .filter(isNew)
    .sort()
    .map((name) => join(path, name));
}

/** A JSON file that the command has written. */
export function readWrittenJson(run: CheckedRun, ...parts: string[]): Record<string, unknown> {
  return JSON.parse(readFileSync(writtenFile(run, ...parts), 'utf8')) as Record<string, unknown>;
}
