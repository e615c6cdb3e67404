### A porta fala português; o resto da consola, inglês.

skip = Ir para o conteúdo
language = Língua
sign-in = Entrar
sign-in-lead = Mensagens entre o ministério e os seus profissionais de saúde.
sign-in-id = Correio eletrónico
sign-in-id-hint = O que o seu administrador registou
sign-in-password = Palavra-passe
sign-in-forgot = Esqueceu-se? O seu administrador pode dar-lhe outra.
sign-in-wrong = Este utilizador e esta palavra-passe não condizem. Nada foi alterado. Tente de novo.
sign-in-aside = O que vê um profissional de saúde
phone-reply = Responder
phone-back = Voltar
foot-short-code = O número curto do ministério é { $code }. Nunca pede um PIN nem dinheiro.
foot-no-pin = O ministério nunca pede um PIN nem dinheiro.
