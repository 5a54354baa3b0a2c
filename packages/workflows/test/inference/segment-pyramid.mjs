// Segments a slide in a process of its own, which may be killed; says so when it begins.
// Usage: node --import ../../../../tools/source-hooks/register.mjs segment-pyramid.mjs SLIDE FOLDER LOG
const { segmentPyramid } = await import('./segment-pyramid.ts');
const [slide, folder, log] = process.argv.slice(2);
process.stdout.write('begins\n');
await segmentPyramid(slide, folder, { log });
