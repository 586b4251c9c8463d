// Before anything is painted: the remembered theme and language, so that the page does not flash.
;(function () {
  try {
    var chosen = localStorage.getItem('livecue.theme')
    if (chosen === 'light' || (chosen === null && location.pathname.startsWith('/office'))) document.documentElement.classList.remove('dark')
    if (localStorage.getItem('livecue.language') === 'en') document.documentElement.lang = 'en'
  } catch {
    // Storage is closed to us (private mode): the defaults stand.
  }
})()
