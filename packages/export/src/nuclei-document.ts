// The JSON document that lists the nuclei of an image; its keys are snake_case, as in every file.
import type { Nucleus, NucleusClass, Segmentation } from '@hovernet/core';

/** Names the layout of {@link NucleiDocument}; the number rises when a reader of the old one would fail. */
export const nucleiSchema = 'hovernet-nuclei/1';

/** The image that nuclei were found in. */
export interface ImageDescription {
  readonly width: number;
  readonly height: number;
  /** Micrometres per pixel; null where it is not known. */
  readonly mpp: number | null;
}

/** What `JSON.stringify` writes to a file. Pixel positions are [x, y]; boxes are half-open. */
export interface NucleiDocument {
  readonly schema: string;
  readonly image: ImageDescription;
  readonly classes: readonly NucleusClass[];
  readonly nuclei: readonly NucleusRecord[];
}

/** A nucleus in the document: the fields of {@link Nucleus} under their names in files. */
export interface NucleusRecord {
  readonly id: number;
  readonly type: number | null;
  readonly type_prob: number | null;
  readonly centroid: Nucleus['centroid'];
  readonly box: Nucleus['box'];
  readonly contour: Nucleus['contour'];
}

/** What the document says of the image beside its nuclei. */
export interface NucleiDescription extends ImageDescription {
  readonly classes: readonly NucleusClass[];
}

/** The nuclei of a segmentation as a document that holds exactly its numbers; read it with `parseNuclei`. */
export function formatNuclei(
  segmentation: Pick<Segmentation, 'nuclei'>,
  description: NucleiDescription,
): NucleiDocument {
  const { width, height, mpp, classes } = description;
  return {
    schema: nucleiSchema,
    image: { width, height, mpp },
    classes: classes.map(({ id, name, color }) => ({ id, name, color })),
    nuclei: segmentation.nuclei.map(formatNucleus),
  };
}

/** One nucleus of the document. */
export function formatNucleus({ id, type, typeProbability, centroid, box, contour }: Nucleus): NucleusRecord {
  return { id, type, type_prob: typeProbability, centroid, box, contour };
}

/**
 * The document as text whose nuclei need not be in memory: `records` gives texts of some nuclei each, as JSON.stringify
 * makes them of {@link formatNucleus}, joined by commas. The text is that of {@link formatNuclei}.
 */
export async function* encodeNucleiText(
  description: NucleiDescription,
  records: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, void, undefined> {
  yield JSON.stringify(formatNuclei({ nuclei: [] }, description)).slice(0, -2);
  let separator = '';
  for await (const text of records) {
    if (text === '') continue;
    yield separator + text;
    separator = ',';
  }
  yield ']}';
}
