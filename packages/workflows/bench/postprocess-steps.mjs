// Processor time of segmentNuclei and of each step on seeded scenes like CoNSeP's tiles, at three sizes.
// Run: npx tsc -b packages/workflows && node packages/workflows/bench/postprocess-steps.mjs [repetitions]
// The single steps pass whole planes on; segmentNuclei packs the pixels of the mask and needs less than their sum.
import { createLabelledMaps, createLabelledScene } from '@hovernet/transforms/internal';
import {
  computeBorderMap,
  computeDistanceMap,
  findMarkers,
  floodMarkers,
  removeSmallObjects,
  thresholdLogits,
} from '@hovernet/postprocess/internal';
import { compactLabels, describeNuclei, paintTypes, segmentNuclei } from '@hovernet/postprocess';

const repetitions = Number(process.argv[2] ?? 9);

for (const side of [500, 1000, 2048]) {
  const rawMaps = createLabelledMaps(createLabelledScene(side));
  const times = new Map();
  let nuclei;
  for (let run = 0; run < repetitions; run++) nuclei = measureOnce(rawMaps, times);
  process.stdout.write(`${side}²: ${nuclei} nuclei\n`);
  for (const [name, list] of times) process.stdout.write(`  ${name.padEnd(10)} ${Math.min(...list).toFixed(1)} ms\n`);
}

function measureOnce(rawMaps, times) {
  const measure = (name, step) => {
    const before = process.cpuUsage();
    const result = step();
    const { user, system } = process.cpuUsage(before);
    times.set(name, [...(times.get(name) ?? []), (user + system) / 1000]);
    return result;
  };
  const { nuclei } = measure('everything', () => segmentNuclei(rawMaps));
  const mask = measure('mask', () => removeSmallObjects(thresholdLogits(rawMaps.np)));
  const border = measure('border', () => computeBorderMap(rawMaps.hv, mask));
  const markers = measure('markers', () => findMarkers(border, mask));
  const distance = measure('distance', () => computeDistanceMap(border, mask));
  const flooded = measure('flood', () => floodMarkers(distance, markers, mask));
  const instanceMap = measure('compact', () => compactLabels(flooded));
  const described = measure('describe', () => describeNuclei(instanceMap, { classLogits: rawMaps.nc }));
  measure('paint', () => paintTypes(instanceMap, described));
  return nuclei.length;
}
