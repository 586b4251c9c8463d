export const office = {
  title: 'Office',
  nav: {
    index: 'Overview',
  },
  index: {
    title: 'Overview',
    rooms: 'Rooms',
  },
}
