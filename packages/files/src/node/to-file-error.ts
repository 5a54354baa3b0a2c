// Errors of the file system.
import { FileError } from '@hovernet/core';

/** A failed file system call as a FileError that says what to do about it. */
export function toFileError(path: string, cause: unknown): FileError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const problem = problems[code] ?? `cannot be accessed (${code || String(cause)})`;
  return new FileError(path, problem, { missing: code === 'ENOENT', cause });
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder; check the path',
  EISDIR: 'is a folder, expected a file',
  ENOTDIR: 'is a file, expected a folder',
  EACCES: 'permission denied; check the access rights',
  EPERM: 'operation not permitted; check the access rights',
  ENOSPC: 'no space left on the device; free some or choose another folder',
  EROFS: 'the file system is read-only; choose another folder',
  ERR_FS_FILE_TOO_LARGE: 'is larger than Node reads at once, 2 GiB',
};
