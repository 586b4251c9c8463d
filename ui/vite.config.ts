import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import ElementPlus from 'unplugin-element-plus/vite'
import { defineConfig } from 'vitest/config'
import { mockServer } from './dev/mock.ts'

const backend = process.env['LIVECUE_BACKEND'] ?? 'http://127.0.0.1:8000'
const mocked = process.env['LIVECUE_MOCK'] === '1'

export default defineConfig({
  base: '/',
  plugins: [vue(), ElementPlus({}), ...(mocked ? [mockServer()] : [])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    port: 5173,
    // The server binds loopback; nothing here is meant to be reached from elsewhere.
    host: '127.0.0.1',
    // The host name stays the page's own: the server takes commands from its own pages only.
    proxy: mocked ? {} : { '/api': { target: backend, changeOrigin: false }, '/bridge': { target: backend, changeOrigin: false } },
  },
  build: {
    outDir: '../livecue/web/static',
    emptyOutDir: true,
    target: 'es2022',
    // A message per chunk is noise; the budget is held by tests/build.
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
