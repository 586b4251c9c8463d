export const office = {
  title: '后台',
  nav: {
    index: '总览',
  },
  index: {
    title: '总览',
    rooms: '直播间',
  },
} as const
