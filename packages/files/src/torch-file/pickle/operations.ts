// The operations that torch.save writes with the protocols 2 to 5 of pickle, and PyTorch under Python 2 wrote.
// Left out are those that make objects of classes, text-mode operations and out-of-band buffers.
import { FileError } from '@hovernet/core';
import { pickleBytes, type PickleMachine } from './pickle-machine.js';
import { createPickleError, describePickleValue, type PickleValue } from './pickle-value.js';

type Operation = (machine: PickleMachine) => void;

/** Ends a pickle; its value is then on top of the stack. */
export const stopOperation = 0x2e;

const highestProtocol = 5;
/** Python's integers have no limit; ours are counters and keys. */
const maximumIntegerBytes = 64;

/** By code. */
export const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  // Framing
  [0x80, readProtocol],
  [0x95, (machine) => machine.skip(8)],
  // Constants
  [0x4e, (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  [0x4a, (machine) => machine.push(machine.readInt32())],
  [0x4b, (machine) => machine.push(machine.readUint8())],
  [0x4d, (machine) => machine.push(machine.readUint16())],
  [0x8a, (machine) => machine.push(readInteger(machine, machine.readUint8()))],
  [0x8b, (machine) => machine.push(readInteger(machine, machine.readUint32()))],
  [0x47, (machine) => machine.push(machine.readFloat64())],
  [0x8c, (machine) => machine.push(machine.readText(machine.readUint8()))],
  [0x58, (machine) => machine.push(machine.readText(machine.readUint32()))],
  [0x8d, (machine) => machine.push(machine.readText(machine.readUint64()))],
  [0x55, (machine) => machine.push(machine.readText(machine.readUint8()))],
  [0x54, (machine) => machine.push(machine.readText(machine.readUint32()))],
  [0x43, (machine) => machine.push(machine.readBytes(machine.readUint8()))],
  [0x42, (machine) => machine.push(machine.readBytes(machine.readUint32()))],
  [0x8e, (machine) => machine.push(machine.readBytes(machine.readUint64()))],
  // Stack and memo
  [0x28, (machine) => machine.mark()],
  [0x71, (machine) => machine.memoize(machine.readUint8())],
  [0x72, (machine) => machine.memoize(machine.readUint32())],
  [0x94, (machine) => machine.memoize(machine.memoSize)],
  [0x68, (machine) => machine.push(machine.recall(machine.readUint8()))],
  [0x6a, (machine) => machine.push(machine.recall(machine.readUint32()))],
  // Tuples, lists and sets
  [0x29, (machine) => pushList(machine, [])],
  [0x85, (machine) => pushTuple(machine, 1)],
  [0x86, (machine) => pushTuple(machine, 2)],
  [0x87, (machine) => pushTuple(machine, 3)],
  [0x74, (machine) => pushList(machine, machine.popMark())],
  [0x5d, (machine) => pushList(machine, [])],
  [0x61, (machine) => append(machine, [machine.pop()])],
  [0x65, (machine) => append(machine, machine.popMark())],
  [0x8f, (machine) => pushList(machine, [])],
  [0x90, (machine) => append(machine, machine.popMark())],
  [0x91, (machine) => pushList(machine, machine.popMark())],
  // Dictionaries
  [0x7d, pushDictionary],
  [0x73, (machine) => setItems(machine, [machine.pop(), machine.pop()].reverse())],
  [0x75, (machine) => setItems(machine, machine.popMark())],
  // What PyTorch makes of them
  [0x63, (machine) => machine.push(machine.host.findGlobal(`${machine.readLine()}.${machine.readLine()}`))],
  [0x93, findGlobal],
  [0x52, call],
  [0x62, build],
  [0x51, (machine) => machine.push(machine.host.loadPersistent(machine.pop()))],
]);

function readProtocol(machine: PickleMachine): void {
  const protocol = machine.readUint8();
  if (protocol <= highestProtocol) return;
  throw new FileError(machine.source, `expected a pickle of protocol ${highestProtocol} at most, got ${protocol}`);
}

/** Two's complement of any length. */
function readInteger(machine: PickleMachine, length: number): number | bigint {
  if (length > maximumIntegerBytes) {
    throw new FileError(machine.source, `expected integers of ${maximumIntegerBytes} bytes at most, got ${length}`);
  }
  const magnitude = machine.readBytes(length).reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
  const value = BigInt.asIntN(8 * length, magnitude);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function pushList(machine: PickleMachine, items: PickleValue[]): void {
  machine.memory.take(pickleBytes.list + pickleBytes.item * items.length);
  machine.push(items);
}

function pushTuple(machine: PickleMachine, length: number): void {
  const items = Array.from({ length }, () => machine.pop());
  pushList(machine, items.reverse());
}

function append(machine: PickleMachine, items: readonly PickleValue[]): void {
  const list = machine.top();
  if (!Array.isArray(list)) throw createPickleError(machine.source, 'a list', list);
  machine.memory.take(pickleBytes.item * items.length);
  for (const item of items) list.push(item);
}

function pushDictionary(machine: PickleMachine): void {
  machine.memory.take(pickleBytes.dictionary);
  machine.push(new Map());
}

function setItems(machine: PickleMachine, items: readonly PickleValue[]): void {
  const dictionary = machine.top();
  if (!(dictionary instanceof Map)) throw createPickleError(machine.source, 'a dictionary', dictionary);
  putEntries(machine, dictionary, items);
}

/** Puts keys and values, which take turns in `items`. */
function putEntries(
  machine: PickleMachine,
  dictionary: Map<string | number, PickleValue>,
  items: readonly PickleValue[],
): void {
  machine.memory.take((pickleBytes.entry * items.length) / 2);
  for (let i = 0; i < items.length; i += 2) {
    const [key, value] = [items[i], items[i + 1]];
    if (typeof key !== 'string' && typeof key !== 'number') {
      throw createPickleError(machine.source, 'text or a number as a key', key);
    }
    if (value === undefined)
      throw createPickleError(machine.source, `a value for the key ${describePickleValue(key)}`, value);
    dictionary.set(key, value);
  }
}

function findGlobal(machine: PickleMachine): void {
  const [name, module] = [machine.pop(), machine.pop()];
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw createPickleError(machine.source, 'the name of a function', typeof module === 'string' ? name : module);
  }
  machine.push(machine.host.findGlobal(`${module}.${name}`));
}

function call(machine: PickleMachine): void {
  const args = machine.pop();
  machine.memory.take(pickleBytes.dictionary);
  machine.push(machine.host.call(machine.pop(), args));
}

/** Attributes of dictionaries, such as the `_metadata` of state dicts, are dropped; nothing else may have any. */
function build(machine: PickleMachine): void {
  const attributes = machine.pop();
  const owner = machine.top();
  if (owner instanceof Map && attributes instanceof Map) return;
  const [what, whose] = [describePickleValue(attributes), describePickleValue(owner)];
  throw new FileError(machine.source, `expected attributes of dictionaries only, got ${what} for ${whose}`);
}
