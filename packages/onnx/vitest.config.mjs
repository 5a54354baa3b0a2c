import { packageTestConfig } from '../../tools/vitest.shared.mjs';

export default packageTestConfig('onnx', { isolate: false });
