/** Keeps the page's own files in the browser after the first visit, where the browser allows it. */
export function keepForOffline(): void {
  // A development server has no service worker, and browsers have none without https.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    // Without it the page works as before, as long as its host is there.
    void navigator.serviceWorker.register('./sw.js').catch(() => {});
  });
}
