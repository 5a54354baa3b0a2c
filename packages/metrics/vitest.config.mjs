import { packageTestConfig } from '../../tools/vitest.shared.mjs';

export default packageTestConfig('metrics');
