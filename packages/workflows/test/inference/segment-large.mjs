// Segments square images, one after the other, in a process of its own, and prints what each took.
// Usage: node --import ../../../../tools/source-hooks/register.mjs segment-large.mjs FOLDER BLOCK SIDE [SIDE…]
const { segmentLarge } = await import('./segment-large.ts');
const [folder, block, ...sides] = process.argv.slice(2);
const runs = [];
// A block of 0 stands for the whole image at once.
for (const side of sides) runs.push(await segmentLarge(folder, Number(side), Number(block) || null));
process.stdout.write(JSON.stringify(runs));
