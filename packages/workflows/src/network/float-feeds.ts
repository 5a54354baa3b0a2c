// The float tensors of a state dict as an engine takes them.
import { toConstants, type StateDict } from '@hovernet/model';
import type { HostData } from '@hovernet/ops';

/** Every float tensor by name; batch counters, which no program reads, are left out. The arrays are shared. */
export function floatFeeds(weights: StateDict): Record<string, HostData> {
  return Object.fromEntries(toConstants(weights));
}
