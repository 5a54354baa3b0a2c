// Time and memory of `hovernet infer` on a generated slide: a square pyramid of JPEG tiles at 0.25 µm per pixel, all tissue.
// Usage: npm run build && node tools/measure-slide.mjs [SIDE] [ARGUMENTS OF INFER…]; SIDE is 20480 px unless given.
import { clearInterval, setInterval } from 'node:timers';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const [side = '20480', ...words] = process.argv.slice(2);
const sidePx = Number(side);
const mpp = 0.25;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hovernet-slide-'));
const slide = join(folder, 'generated.tif');
try {
  await sharp({ create: { width: sidePx, height: sidePx, channels: 3, background: 'white' }, limitInputPixels: false })
    .composite([{ input: join(root, 'samples/nucls/Test/Images/test_1.png'), tile: true }])
    .tiff({
      tile: true,
      tileWidth: 256,
      tileHeight: 256,
      pyramid: true,
      compression: 'jpeg',
      quality: 90,
      xres: 1000 / mpp,
      yres: 1000 / mpp,
    })
    .toFile(slide);
  const started = performance.now();
  const peakKb = await runInfer([slide, '--output_dir', join(folder, 'out'), '--outputs', 'json', ...words]);
  const seconds = (performance.now() - started) / 1000;
  const areaMm2 = (sidePx * mpp) ** 2 / 1e6;
  const figures = {
    side_px: sidePx,
    mm2: areaMm2,
    seconds,
    seconds_per_mm2: seconds / areaMm2,
    peak_rss_mb: peakKb / 1024,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Runs the built command; resolves with its peak resident memory in KiB, which Linux tells. */
function runInfer(args) {
  const child = spawn(process.execPath, [join(root, 'packages/workflows/bin/hovernet.js'), 'infer', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let peakKb = 0;
  const timer = setInterval(() => {
    try {
      peakKb = Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? peakKb);
    } catch {
      // It ended.
    }
  }, 200);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(timer);
      if (code === 0) resolve(peakKb);
      else reject(new Error(`hovernet infer ended with code ${code}`));
    });
  });
}
