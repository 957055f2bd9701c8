// The look of antd's parts: the colours of styles/ground.css, and larger on very large screens.

import type { ThemeConfig } from 'antd'
import { useSyncExternalStore } from 'react'

/** The same steps as the root font size in styles/ground.css. */
const STEPS = [
  { query: '(min-width: 3200px)', scale: 1.75 },
  { query: '(min-width: 2400px)', scale: 1.25 },
] as const

export function themeAt(scale: number): ThemeConfig {
  return {
    token: {
      colorPrimary: '#1d5566',
      colorError: '#b8281e',
      colorWarning: '#a85b00',
      colorSuccess: '#2c7a4b',
      colorText: '#1b2426',
      colorTextSecondary: '#4f5d60',
      colorBorder: '#cfd6d5',
      borderRadius: 8 * scale,
      fontSize: 15 * scale,
      controlHeight: 36 * scale,
      sizeUnit: 4 * scale,
      fontFamily: 'inherit',
      motion: false,
    },
    components: {
      Button: { fontWeight: 600, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    },
  }
}

/** 1 on a desk's screen, more on a wall's. */
export const useScale = (): number => useSyncExternalStore(onStep, readScale)

const readScale = () => STEPS.find(step => window.matchMedia(step.query).matches)?.scale ?? 1

function onStep(changed: () => void): () => void {
  const queries = STEPS.map(step => window.matchMedia(step.query))
  for (const query of queries) query.addEventListener('change', changed)
  return () => {
    for (const query of queries) query.removeEventListener('change', changed)
  }
}
