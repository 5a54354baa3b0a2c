// Which of the processes on this host this one is.

/** Set by Open MPI's launcher in every process that it starts. */
const variable = 'OMPI_COMM_WORLD_LOCAL_RANK';

/**
 * Number of this process among those that `mpirun` started on this host, from 0: each takes the GPU of that number. 0 for a
 * process that was started alone.
 */
export function readLocalRank(env: Readonly<Record<string, string | undefined>>): number {
  const rank = Number(env[variable] ?? 0);
  return Number.isInteger(rank) && rank > 0 ? rank : 0;
}
