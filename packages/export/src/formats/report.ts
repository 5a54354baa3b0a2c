// A page for people: the image with its nuclei, counts, densities, histograms, and where the result comes from.
import type { ResultFormat } from './format.js';

export const reportFormat: ResultFormat = {
  name: 'report',
  description: 'a page to read and print: the image with outlines by type, counts, densities, histograms, provenance',
  files: [
    {
      name: 'report',
      ending: '_report.html',
      encode: async function* (image, origin) {
        const { encodeReport } = await import('../report/encode-report.js');
        yield* encodeReport(image, origin);
      },
    },
  ],
};
