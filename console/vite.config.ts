// Builds the web app into dist/, which the gateway serves at `/`.

import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressed } from './compressed.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Its name stays: browsers ask for it again by this. */
const WORKER = 'family-worker'

export default defineConfig({
  base: '/',
  plugins: [react(), compressed()],
  // The gateway puts a fresh nonce in place of this into every answer of index.html.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // No data: addresses, so that the policy can stay at 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_200,
    rolldownOptions: {
      input: {
        index: here('index.html'),
        family: here('family.html'),
        [WORKER]: here('family/worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name === WORKER ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
})
