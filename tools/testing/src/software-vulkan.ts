// Lets WebGPU run without a GPU: SwiftShader, the Vulkan driver on the processor that chromium brings.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Where Linux distributions put its description for the Vulkan loader. */
const descriptions = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
];

/** What to install where a test finds no WebGPU adapter on Linux. */
export const softwareVulkanRemedy = 'apt-get install libvulkan1 chromium, which bring Vulkan on the processor';

/**
 * Points the Vulkan loader at SwiftShader, unless the environment already chooses a driver or SwiftShader is not here. To
 * be called before anything asks for an adapter. The variables are this process' own and its children's.
 */
export function useSoftwareVulkan(env: NodeJS.ProcessEnv = process.env): void {
  // Without it the loader's window-system half complains on standard error.
  env['XDG_RUNTIME_DIR'] ??= tmpdir();
  if (env['VK_ICD_FILENAMES'] !== undefined || env['VK_DRIVER_FILES'] !== undefined) return;
  const description = descriptions.find((path) => existsSync(path));
  if (description !== undefined) env['VK_ICD_FILENAMES'] = description;
}
