// Entry of a worker thread that segments the raw maps that it is sent, one after the other.
import { parentPort } from 'node:worker_threads';
import { answerRequest, type SegmentRequest } from '../messages.js';

parentPort!.on('message', (request: SegmentRequest) => {
  const { message, transfer } = answerRequest(request);
  parentPort!.postMessage(message, transfer);
});
