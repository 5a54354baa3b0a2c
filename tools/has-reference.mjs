// Prints where the reference results are, or that they are not here: a test run without them is not one with them.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reference = process.env.HOVERNET_REFERENCE ?? resolve(root, '../shared');
const parts = ['golden', 'data'].filter((part) => existsSync(join(reference, part)));
process.stdout.write(`reference data: ${parts.join(', ') || 'none'}\n`);
