// The processes of Open MPI 4, whose C library is called through koffi: no compiler is needed, and any network that Open MPI knows is used.
import { UnsupportedError } from '@hovernet/core';
import type koffi from 'koffi';
import { createSingleCommunicator, type Communicator } from '../communicator.js';

/** Set by Open MPI's launcher in every process that it starts. */
const sizeVariable = 'OMPI_COMM_WORLD_SIZE';

/** Names of the library by platform; the number is that of Open MPI 4's interface. */
const libraryNames = ['libmpi.so.40', 'libmpi.40.dylib', 'libmpi.so', 'libmpi.dylib'];

/** MPI_IN_PLACE of Open MPI: the result replaces what is sent. */
const inPlace = 1n;

const remedy = 'install Open MPI (Debian: openmpi-bin, libopenmpi3) and npm i koffi@3.3.4, or train in one process';

/**
 * The processes that `mpirun` started, or this one alone.
 * @throws UnsupportedError where Open MPI's library or the package koffi is missing, or another MPI's launcher was used.
 */
export async function openCommunicator(env: NodeJS.ProcessEnv = process.env): Promise<Communicator> {
  const size = Number(env[sizeVariable] ?? foreignSize(env) ?? 1);
  if (size <= 1) return createSingleCommunicator();
  return openMpi({ launchedByOpenMpi: env[sizeVariable] !== undefined });
}

/** MPICH, Intel MPI and MVAPICH tell the number of processes in one of these. */
function foreignSize(env: NodeJS.ProcessEnv): string | undefined {
  return env['PMI_SIZE'] ?? env['MV2_COMM_WORLD_SIZE'];
}

/**
 * Joins the processes of `mpirun`.
 * @throws UnsupportedError for what is missing.
 */
async function openMpi({ launchedByOpenMpi }: { readonly launchedByOpenMpi: boolean }): Promise<Communicator> {
  if (!launchedByOpenMpi) {
    throw new UnsupportedError(`distributed training: expected Open MPI's mpirun, got another MPI's; ${remedy}`);
  }
  const library = loadLibrary(await importKoffi());
  const pointerTo = (name: string) => library.symbol(name, 'void *') as bigint;
  const [world, float, double, sumOperation] = [
    pointerTo('ompi_mpi_comm_world'),
    pointerTo('ompi_mpi_float'),
    pointerTo('ompi_mpi_double'),
    pointerTo('ompi_mpi_op_sum'),
  ];
  const initialize = library.func('int MPI_Init(void *, void *)');
  const rankOf = library.func('int MPI_Comm_rank(void *, _Out_ int *)');
  const sizeOf = library.func('int MPI_Comm_size(void *, _Out_ int *)');
  const allReduce = library.func('int MPI_Allreduce(void *, void *, int, void *, void *, void *)');
  const allGather = library.func('int MPI_Allgather(void *, int, void *, void *, int, void *, void *)');
  const barrier = library.func('int MPI_Barrier(void *)');
  const abort = library.func('int MPI_Abort(void *, int)');
  const finalize = library.func('int MPI_Finalize()');

  // What fails in the library ends all processes by itself: that is MPI's default.
  initialize(null, null);
  const read = (call: (world: bigint, result: number[]) => unknown) => {
    const result = [0];
    call(world, result);
    return result[0]!;
  };
  const size = read(sizeOf);
  return {
    rank: read(rankOf),
    size,
    sum(values) {
      const type = values instanceof Float64Array ? double : float;
      allReduce(inPlace, values, values.length, type, sumOperation, world);
    },
    gather(values) {
      const all = new Float32Array(values.length * size);
      allGather(values, values.length, float, all, values.length, float, world);
      return all;
    },
    wait: () => void barrier(world),
    abort: (exitCode) => void abort(world, exitCode),
    close: () => void finalize(),
  };
}

type Koffi = typeof koffi;
type Library = ReturnType<Koffi['load']>;

async function importKoffi(): Promise<Koffi> {
  try {
    return (await import('koffi')).default;
  } catch (cause) {
    throw new UnsupportedError(`distributed training: expected the package koffi, which is not installed; ${remedy}`, {
      cause,
    });
  }
}

function loadLibrary({ load }: Koffi): Library {
  let cause: unknown;
  for (const name of libraryNames) {
    try {
      // Open MPI loads its parts itself and looks for its own names among the global ones.
      return load(name, { global: true });
    } catch (error) {
      cause ??= error;
    }
  }
  throw new UnsupportedError(`distributed training: expected Open MPI's library, found none; ${remedy}`, { cause });
}
