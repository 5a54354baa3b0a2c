// The float tensors of a state dict as an engine takes them.
import type { StateDict } from '@hovernet/model';
import type { HostData } from '@hovernet/ops';

/** Every float tensor by name; batch counters, which no program reads, are left out. The arrays are shared. */
export function floatFeeds(weights: StateDict): Record<string, HostData> {
  const feeds: Record<string, HostData> = {};
  for (const [name, array] of weights) if (array.dtype === 'float32') feeds[name] = array.data;
  return feeds;
}
