import { defineConfig } from 'vite';

export default defineConfig({
  root: 'web',
  // Relative addresses: the page works behind any path.
  base: './',
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
});
