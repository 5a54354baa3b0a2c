// Words of a command as a shell hands them over.
import { spawnSync } from 'node:child_process';

/** Words of a line for a POSIX shell, `variables` replaced by their values. */
export function splitWords(line: string, variables: Readonly<Record<string, string>>): string[] {
  const options = { env: { ...process.env, ...variables }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `printf '%s\\0' ${line}`], options);
  if (status !== 0) throw new Error(`sh: ${stderr}`);
  return stdout.split('\0').slice(0, -1);
}
