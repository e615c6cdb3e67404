# Phones that carry texts with the Android app: what is wrong, and what there is to know.

android-no-phone = No phone carries this channel yet. Install the app on a phone, give it the address of this server, and type the code that it shows on the page of the channel.
android-silent = The phone has not been heard of for { $minutes } minutes. Look whether it is on, has data, and whether the app still runs. Messages wait.
android-battery-low = The phone’s battery is at { $level } % and nothing charges it. Plug it in.
android-heard-now = The phone was heard of less than a minute ago.
android-heard = The phone was last heard of { $minutes } minutes ago.
android-battery = Its battery is at { $level } %.
android-battery-charging = Its battery is at { $level } % and charging.
android-network = It reaches us by { $network }.
android-device = It is a { $device }, with version { $version } of the app.
relayer-too-many = Too many phones wait for their code to be typed. Try again in an hour.
relayer-wait = Too many wrong codes. Wait { $seconds } seconds, then type it again.
relayer-has-phone = { $name } has a phone already. Let that one go first.
relayer-code = No phone shows this code. Codes hold for a day: open the app again if it is older.

## Why a text did not leave

cli-reason-android-failed = the phone could not send it: look whether its SIM card has credit and reception
cli-reason-android-away = the phone does not ask for messages just now
cli-reason-android-unconfirmed = the phone was given it and has not said what became of it
cli-reason-android-no-number = phones with the app reach phone numbers only
