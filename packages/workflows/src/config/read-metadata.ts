// The bundle's metadata file, in MONAI's schema.
import { FileError } from '@hovernet/core';
import { z } from 'zod';
import { toConfigError } from './describe-issue.js';
import type { JsonObject } from './json.js';
import { findFile } from './load-document.js';
import { readDocument } from './read-document.js';

const versions = z.record(z.string(), z.string());

/** A tensor that goes into or comes out of the network. */
const tensorSchema = z.looseObject({
  type: z.string(),
  format: z.string().optional(),
  modality: z.string().optional(),
  num_channels: z.int().min(1),
  spatial_shape: z.array(z.union([z.int(), z.string()])),
  dtype: z.string(),
  value_range: z.array(z.number()),
  is_patch_data: z.boolean(),
  channel_def: versions.optional(),
});

/** What MONAI requires of `metadata.json`; further keys are free. */
const metadataSchema = z.looseObject({
  schema: z.string().optional(),
  version: z.string().regex(/^\d+\.\d+(\.\w+)*$/, 'expected a version such as 0.1.0'),
  changelog: versions,
  monai_version: z.string(),
  pytorch_version: z.string().optional(),
  numpy_version: z.string().optional(),
  required_packages_version: versions.optional(),
  optional_packages_version: versions.optional(),
  task: z.string(),
  description: z.string(),
  authors: z.string(),
  copyright: z.string(),
  network_data_format: z.looseObject({
    inputs: z.record(z.string(), tensorSchema),
    outputs: z.record(z.string(), tensorSchema),
  }),
});

/** The metadata in a file; throws FileError where it is missing or not what MONAI's schema asks for. */
export async function readMetadata(path: string): Promise<JsonObject> {
  const metadata = await readDocument(findFile(path));
  const checked = metadataSchema.safeParse(metadata, { reportInput: true });
  if (checked.success) return metadata;
  const problem = toConfigError(checked.error.issues[0]!, { prefix: '', listKnownIds: () => [] });
  throw new FileError(path, problem.message.replace(/^configuration /, ''), { cause: checked.error });
}
