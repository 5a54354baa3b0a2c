// Times segmentNuclei on seeded images of three sizes with 600 nuclei per megapixel.
// Run: npx tsc -b packages/postprocess && node packages/postprocess/bench/segment.mjs [repetitions]
import { createHoverMaps, createPlanes, createRandom } from '@hovernet/core';
import { segmentNuclei } from '../dist/index.js';

const repetitions = Number(process.argv[2] ?? 9);

for (const side of [500, 1000, 2048]) {
  const rawMaps = createRawMaps(side, Math.round((600 * side * side) / 1e6));
  for (const rules of ['monai', 'original']) {
    let result = segmentNuclei(rawMaps, { rules });
    const runs = Array.from({ length: repetitions }, () => {
      const [cpu, start] = [process.cpuUsage(), performance.now()];
      result = segmentNuclei(rawMaps, { rules });
      const { user, system } = process.cpuUsage(cpu);
      return { wall: performance.now() - start, cpu: (user + system) / 1000 };
    });
    const best = (kind) => Math.min(...runs.map((run) => run[kind])).toFixed(1);
    console.log(
      `${side}² ${rules}: ${result.nuclei.length} nuclei, best ${best('wall')} ms, ${best('cpu')} ms of processor`,
    );
  }
}

/** Ellipses at random places, later ones over earlier ones, with noisy logits and HoVer maps. */
function createRawMaps(side, count) {
  const random = createRandom(side);
  const size = side * side;
  const maps = { np: createPlanes(2, side, side), hv: createHoverMaps(side, side), nc: createPlanes(5, side, side) };
  const noise = () => random.uniform(-1, 1);
  for (let i = 0; i < size; i++) {
    maps.np.data[i] = 3 + noise();
    maps.np.data[size + i] = -3 + noise();
    maps.hv.data[i] = 0.1 * noise();
    maps.hv.data[size + i] = 0.1 * noise();
    for (let c = 0; c < 5; c++) maps.nc.data[c * size + i] = (c === 0 ? 3 : 0) + noise();
  }
  for (let n = 0; n < count; n++) {
    const [x0, y0] = [random.integer(side), random.integer(side)];
    const [radiusX, radiusY] = [random.uniform(7, 15), random.uniform(7, 15)];
    const type = 1 + random.integer(4);
    for (let y = Math.max(0, Math.ceil(y0 - radiusY)); y < Math.min(side, y0 + radiusY); y++) {
      for (let x = Math.max(0, Math.ceil(x0 - radiusX)); x < Math.min(side, x0 + radiusX); x++) {
        const [h, v] = [(x - x0) / radiusX, (y - y0) / radiusY];
        if (h * h + v * v > 1) continue;
        const i = y * side + x;
        maps.np.data[i] = -3 + noise();
        maps.np.data[size + i] = 3 + noise();
        maps.hv.data[i] = 0.95 * h + 0.05 * noise();
        maps.hv.data[size + i] = 0.95 * v + 0.05 * noise();
        maps.nc.data[i] = noise();
        maps.nc.data[type * size + i] = 3 + noise();
      }
    }
  }
  return maps;
}
