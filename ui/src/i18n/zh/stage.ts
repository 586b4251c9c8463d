export const stage = {
  title: '主播屏',
} as const
