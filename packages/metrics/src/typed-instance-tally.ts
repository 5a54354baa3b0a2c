// What the instances of one image say about types: counts that add up over images, without its maps.
import { ArgumentError, type LabelMap } from '@hovernet/core';
import { computeOverlapTable, pairIou, type OverlapTable } from './overlap-table.js';

/** A label map `[height, width]` and the type of each of its ids; a segmentation with its nuclei fits. */
export interface TypedInstances {
  readonly instanceMap: LabelMap;
  readonly nuclei: readonly { readonly id: number; readonly type: number | null }[];
}

/** True and predicted instances of one image, label maps of the same size. */
export interface TypedInstancePair {
  readonly truth: TypedInstances;
  readonly prediction: TypedInstances;
}

/** What a type, or all of them, adds up to; a pair has an IoU above 0.5. */
export interface InstanceCounts {
  pairs: number;
  iouSum: number;
  truths: number;
  predictions: number;
}

/** Counts of one image: of all instances, and of each type on either side. */
export interface TypedInstanceTally {
  readonly all: InstanceCounts;
  readonly types: ReadonlyMap<number, InstanceCounts>;
}

/**
 * Counts the instances of an image and their pairs. It is all that `scoreTypedInstances` needs of the image, so that the maps
 * of many need not be kept. Linear in the pixels.
 * @throws ShapeError if the maps differ in size; ArgumentError for an id without a type.
 */
export function tallyTypedInstances({ truth, prediction }: TypedInstancePair): TypedInstanceTally {
  const table = computeOverlapTable(truth.instanceMap, prediction.instanceMap);
  const truthTypes = listTypes('truth', table.truthIds, truth);
  const predictionTypes = listTypes('prediction', table.predictionIds, prediction);
  const all = { ...createCounts(), truths: truthTypes.length, predictions: predictionTypes.length };
  const types = new Map<number, InstanceCounts>();
  const countsOf = (type: number) => {
    const counts = types.get(type) ?? createCounts();
    types.set(type, counts);
    return counts;
  };
  for (const type of truthTypes) countsOf(type).truths++;
  for (const type of predictionTypes) countsOf(type).predictions++;
  visitPairs(table, (truthIndex, predictionIndex, iou) => {
    addPair(all, iou);
    const type = truthTypes[truthIndex]!;
    if (type === predictionTypes[predictionIndex]) addPair(countsOf(type), iou);
  });
  return { all, types };
}

/** Counts of one type in all images together. */
export function sumCounts(images: readonly TypedInstanceTally[], type: number): InstanceCounts {
  const sum = createCounts();
  for (const image of images) {
    const counts = image.types.get(type);
    if (!counts) continue;
    sum.pairs += counts.pairs;
    sum.iouSum += counts.iouSum;
    sum.truths += counts.truths;
    sum.predictions += counts.predictions;
  }
  return sum;
}

function createCounts(): InstanceCounts {
  return { pairs: 0, iouSum: 0, truths: 0, predictions: 0 };
}

function listTypes(side: string, ids: Int32Array, { nuclei }: TypedInstances): number[] {
  const typeOf = new Map(nuclei.map(({ id, type }) => [id, type]));
  return Array.from(ids, (id) => {
    const type = typeOf.get(id);
    if (type !== null && type !== undefined) return type;
    throw new ArgumentError(`scoreTypedInstances: expected a type for every id, got none for ${side} ${id}`);
  });
}

/** Calls `visit` with every pair above an IoU of half: such pairs are unique. */
function visitPairs(
  table: OverlapTable,
  visit: (truthIndex: number, predictionIndex: number, iou: number) => void,
): void {
  for (let pair = 0; pair < table.pairTruths.length; pair++) {
    const iou = pairIou(table, pair);
    if (iou > 0.5) visit(table.pairTruths[pair]!, table.pairPredictions[pair]!, iou);
  }
}

function addPair(counts: InstanceCounts, iou: number): void {
  counts.pairs++;
  counts.iouSum += iou;
}
