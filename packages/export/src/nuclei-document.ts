// The JSON document that lists the nuclei of an image; its keys are snake_case, as in every file.
import type { Nucleus, NucleusClass, Provenance, Segmentation } from '@hovernet/core';

/** Names the layout of {@link NucleiDocument}; the number rises when a reader of the old one would fail. */
export const nucleiSchema = 'hovernet-nuclei/2';

/** Layouts that `parseNuclei` reads; the first one has no `provenance`. */
export const nucleiSchemas: readonly string[] = ['hovernet-nuclei/1', nucleiSchema];

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
  /** null where it is not known. */
  readonly provenance: ProvenanceRecord | null;
  readonly nuclei: readonly NucleusRecord[];
}

/** Everything that the result depends on: {@link Provenance} under its names in files. */
export interface ProvenanceRecord {
  readonly weights: { readonly path: string; readonly sha256: string | null };
  /** The image's file; null where it came from none. */
  readonly source: { readonly path: string; readonly sha256: string } | null;
  /** Hash of all settings that decide the result; null where they came from no configuration. */
  readonly settings_hash: string | null;
  readonly grid: {
    readonly window_px: number;
    readonly keep_px: number;
    readonly cell_px: number;
    readonly halo_px: number;
  };
  readonly options: Readonly<Record<string, unknown>>;
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
  /** @default null */
  readonly provenance?: Provenance | null | undefined;
}

/** The nuclei of a segmentation as a document that holds exactly its numbers; read it with `parseNuclei`. */
export function formatNuclei(
  segmentation: Pick<Segmentation, 'nuclei'>,
  description: NucleiDescription,
): NucleiDocument {
  const { width, height, mpp, classes, provenance = null } = description;
  return {
    schema: nucleiSchema,
    image: { width, height, mpp },
    classes: classes.map(({ id, name, color }) => ({ id, name, color })),
    provenance: provenance && formatProvenance(provenance),
    nuclei: segmentation.nuclei.map(formatNucleus),
  };
}

/** Where a result comes from, as documents say it. */
export function formatProvenance({ weights, source, settings, grid, options }: Provenance): ProvenanceRecord {
  return {
    weights: { path: weights.name, sha256: weights.sha256 },
    source: source ? { path: source.name, sha256: source.sha256 } : null,
    settings_hash: settings ?? null,
    grid: { window_px: grid.windowPx, keep_px: grid.keepPx, cell_px: grid.cellPx, halo_px: grid.haloPx },
    options,
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
