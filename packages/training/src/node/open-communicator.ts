// Finds out whether this process was started with others.
import { createSingleCommunicator, type Communicator } from './communicator.js';

/** Set by Open MPI's launcher in every process that it starts. */
const sizeVariable = 'OMPI_COMM_WORLD_SIZE';

/**
 * The processes that `mpirun` started, or this one alone.
 * @throws UnsupportedError where Open MPI's library or the package koffi is missing, or another MPI's launcher was used.
 */
export async function openCommunicator(env: NodeJS.ProcessEnv): Promise<Communicator> {
  const size = Number(env[sizeVariable] ?? foreignSize(env) ?? 1);
  if (size <= 1) return createSingleCommunicator();
  const { openMpi } = await import('./open-mpi.js');
  return openMpi({ launchedByOpenMpi: env[sizeVariable] !== undefined });
}

/** MPICH, Intel MPI and MVAPICH tell the number of processes in one of these. */
function foreignSize(env: NodeJS.ProcessEnv): string | undefined {
  return env['PMI_SIZE'] ?? env['MV2_COMM_WORLD_SIZE'];
}
