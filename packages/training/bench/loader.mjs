// Patches per second that reach the network, by number of worker threads.
// node packages/training/bench/loader.mjs PREPARED_FOLDER [WORKERS…], after a build.
import { loadTaxonomy } from '@hovernet/data';
import { openLoaders, resolveTrainOptions } from '@hovernet/training/internal';

const [folder, ...counts] = process.argv.slice(2);
const warmUpBatches = 2;
const measuredBatches = 12;
const taxonomy = await loadTaxonomy('consep');

for (const workers of counts.length > 0 ? counts.map(Number) : [0, 1, 2, 4]) {
  const options = { patchesDir: folder, loading: { workers }, validation: { workers: 0 } };
  const loaders = await openLoaders(resolveTrainOptions(options, taxonomy));
  const batches = loaders.train.batches(0);
  for (let at = 0; at < warmUpBatches; at++) await batches.next();
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  let patches = 0;
  for (let at = 0; at < measuredBatches; at++) patches += (await batches.next()).value.indices.length;
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await batches.return();
  await loaders.dispose();
  const rate = (patches / seconds).toFixed(1);
  const cpuMs = ((user + system) / 1000 / patches).toFixed(1);
  const memory = (process.memoryUsage.rss() / 1e6).toFixed(0);
  process.stdout.write(`${workers} workers: ${rate} patches/s, ${cpuMs} ms of CPU a patch, ${memory} MB\n`);
}
