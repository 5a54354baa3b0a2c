// ONNX Runtime keeps an id of the device and a store of events in the user's cache folder, unless it is told not to.

/**
 * To be called before the runtime is loaded, in any thread: the runtime reads the environment of the process. What the user
 * has set stays.
 */
export function forbidTelemetry(environment: Record<string, string | undefined> = process.env): void {
  environment['ORT_DISABLE_TELEMETRY'] ??= '1';
}
