// Entry of a worker thread that segments the raw maps that it is sent, one after the other.
import { parentPort } from 'node:worker_threads';
import { HovernetError } from '@hovernet/core';
import { segmentNuclei } from '../segment-nuclei.js';
import { packSegmentation, unpackMaps, type SegmentAnswer, type SegmentRequest } from './packed-segmentation.js';

const port = parentPort!;

function tell(answer: SegmentAnswer, transfer: ArrayBuffer[] = []): void {
  port.postMessage(answer, transfer);
}

port.on('message', ({ id, maps, options }: SegmentRequest) => {
  try {
    const { segmentation, transfer } = packSegmentation(segmentNuclei(unpackMaps(maps), options));
    tell({ id, segmentation }, transfer);
  } catch (error) {
    const isArgument = error instanceof HovernetError && error.code === 'INVALID_ARGUMENT';
    tell({ id, failure: { isArgument, message: error instanceof Error ? error.message : String(error) } });
  }
});
