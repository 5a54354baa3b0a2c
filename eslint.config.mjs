// Lint rules of the whole repository: TypeScript, the layers of the packages, and what a kernel may not touch.
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** A layer may depend on itself and on the layers below it. */
const layers = ['layer:kernel', 'layer:pure', 'layer:network', 'layer:io', 'layer:use-case', 'layer:app'];
const depConstraints = layers.map((layer, index) => ({
  sourceTag: layer,
  onlyDependOnLibsWithTags: [...layers.slice(0, index + 1), 'layer:testing'],
}));

const nodeGlobals = Object.fromEntries(
  ['process', 'console', 'Buffer', 'URL', 'performance', 'setTimeout', 'clearTimeout', 'TextDecoder'].map((name) => [
    name,
    'readonly',
  ]),
);

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', 'docs/api/**', 'runs/**', 'samples/**', '**/*.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
    },
  },
  {
    files: ['packages/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          // A package may have entries that load TensorFlow.js, which others import when they need them.
          checkDynamicDependenciesExceptions: ['^@hovernet/'],
          depConstraints: [...depConstraints, { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: [] }],
        },
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-imports': ['error', { paths: [{ name: '@hovernet/testing', message: 'Only tests may use it.' }] }],
    },
  },
  {
    files: [
      'packages/{core,files,metrics,postprocess,transforms,ops,onnx,model,losses,export,slides,inference}/src/**/*.ts',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: '@hovernet/testing', message: 'Only tests may use it.' }],
          patterns: [{ group: ['node:*'], message: 'This package runs in browsers: no Node API.' }],
        },
      ],
    },
  },
  {
    // Behind the entries /node.
    files: [
      'packages/{files,inference,onnx,model,slides}/src/**/node/**/*.ts',
      'packages/{files,inference,onnx,model,slides}/src/node.ts',
      'packages/onnx/src/session/**/*.ts',
    ],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: '@hovernet/testing', message: 'Only tests may use it.' }] }],
    },
  },
  {
    files: ['packages/{core,files,metrics,postprocess,transforms}/src/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: '@hovernet/testing', message: 'Only tests may use it.' }],
          patterns: [
            {
              group: ['node:*', '@tensorflow/*'],
              message: 'Kernel and pure packages use neither Node nor TensorFlow.js.',
            },
          ],
        },
      ],
    },
  },
  {
    // Behind @hovernet/postprocess/node and @hovernet/files/node.
    files: [
      'packages/postprocess/src/pool/node/**/*.ts',
      'packages/files/src/node.ts',
      'packages/files/src/**/node/**/*.ts',
    ],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: '@hovernet/testing', message: 'Only tests may use it.' }] }],
    },
  },
  {
    files: ['**/vitest.config.mjs', 'eslint.config.mjs'],
    rules: { 'no-restricted-exports': 'off' },
  },
  { files: ['**/*.mjs', 'packages/*/bin/*.js'], languageOptions: { globals: nodeGlobals } },
  prettier,
);
