// A picture of truth against prediction: what was found, missed, invented, and found as another type.
import type { Nucleus, NucleusClass, RgbImage } from '@hovernet/core';
import { renderOverlay } from '@hovernet/export';
import type { SegmentedTile } from '@hovernet/training/evaluation';

/** What became of a nucleus, as the class in whose colour its contour is drawn. */
export const outcomes = [
  { id: 1, name: 'annotated', color: [255, 255, 255] },
  { id: 2, name: 'found', color: [0, 255, 0] },
  { id: 3, name: 'found as another type', color: [255, 255, 0] },
  { id: 4, name: 'missed', color: [0, 0, 255] },
  { id: 5, name: 'invented', color: [255, 0, 0] },
] as const satisfies readonly NucleusClass[];

type OutcomeName = (typeof outcomes)[number]['name'];

type Outline = Pick<Nucleus, 'contour' | 'type'>;

/**
 * Copy of the tile's image with two contours for what was found (IoU above 0.5): the annotated one, thin and white, and the
 * predicted one, green, or yellow where the types differ. Missed nuclei are blue, invented ones red.
 */
export function drawComparison({ image, truth, segmentation, scores }: SegmentedTile): RgbImage {
  const truths = new Map(truth.map((nucleus) => [nucleus.id, nucleus]));
  const predictions = new Map(segmentation.nuclei.map((nucleus) => [nucleus.id, nucleus]));
  const annotated: Outline[] = [];
  const outlined: Outline[] = [];
  for (const id of scores.unpairedTruths) outlined.push(mark(truths.get(id)!, 'missed'));
  for (const id of scores.unpairedPredictions) outlined.push(mark(predictions.get(id)!, 'invented'));
  for (const { truthId, predictionId } of scores.pairs) {
    const [annotation, found] = [truths.get(truthId)!, predictions.get(predictionId)!];
    const isOther = found.type !== null && found.type !== annotation.type;
    annotated.push(mark(annotation, 'annotated'));
    outlined.push(mark(found, isOther ? 'found as another type' : 'found'));
  }
  const outlines = renderOverlay(image, outlined, outcomes);
  return renderOverlay(outlines, annotated, outcomes, { thicknessPx: 1 });
}

function mark({ contour }: Nucleus, name: OutcomeName): Outline {
  return { contour, type: outcomes.find((outcome) => outcome.name === name)!.id };
}
