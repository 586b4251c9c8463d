export const console = {
  title: '中控台',
} as const
