// The look of antd's parts: the colours of styles/ground.css, and larger on very large screens.

import type { ThemeConfig } from 'antd'

/** `scale`: 1 on a desk's screen, more on a wall's. */
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
