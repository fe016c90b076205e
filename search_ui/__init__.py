"""The page in the browser. `server` serves it, `app` sets it up, `views` are what it shows, `components` what it draws."""
