reply-stopped = Nao recebera mais mensagens nossas. Envie { $start } para voltar. Os seus alertas continuam bem-vindos. Gratis.
reply-started = Bem-vindo de volta. Recebera de novo as nossas mensagens. Envie { $stop } para sair.
reply-help = Pode enviar: { $words }. Tudo gratis.
