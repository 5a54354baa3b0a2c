// Entry of a page's worker that segments the raw maps that it is sent, one after the other.
import { answerRequest, type SegmentRequest } from '../messages.js';

self.onmessage = ({ data }: MessageEvent<SegmentRequest>) => {
  const { message, transfer } = answerRequest(data);
  self.postMessage(message, { transfer });
};
