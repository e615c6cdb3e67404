reply-stopped = لن تصلك رسائل منا. أرسل { $start } للعودة.
reply-started = ستصلك رسائلنا من جديد. أرسل { $stop } للخروج.
reply-help = يمكنك إرسال: { $words }. مجانا.
