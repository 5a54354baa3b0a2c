// The image that nuclei were found in.
import { tmpdir } from 'node:os';
import type { ImageSource } from '@hovernet/core';
import { createFolderScratch, openImage } from '@hovernet/inference/internal';

/** Opens the image at `path` as inference opens it; what does not fit into memory lies in the folder of temporary files. */
export function openPicture(path: string): Promise<ImageSource> {
  return openImage(path, { scratch: createFolderScratch(tmpdir()) });
}
